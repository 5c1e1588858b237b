"""The digest: how it goes in a community, told to its staff each working day, each week and each month.

    periods    which time a digest covers, and when it is told (pure)
    figures    what stands in one (pure)
    rules      how its rates, rising topics and burdens are reckoned (pure; the one place for them)
    snapshot   the rows it is made of: a fixed number of queries in one transaction that only reads
    build      from those rows to the figures (pure)
    text       a few lines for a chat
    tables     the same as tables: beside the charts, in the workbook, on paper
    charts, paper, workbook    as pictures, PDF and xlsx

Nothing in a digest is personal: no name, no room, no phone. What was told in confidence is counted and never described;
silent matters (violence, suicide) are not in it at all. Who builds, keeps and tells it: bot.digesting.
"""
