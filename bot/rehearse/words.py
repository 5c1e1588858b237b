"""What people see of a rehearsal: names in the throw-away community. The one place of its Chinese."""

SUBDISTRICT = "街道"
COMMUNITY = "社区"
ESTATE = "小区"
BUILDING = "{label}栋"
UNIT = "{label}单元"
ABOVE = "社区书记"
