"""The platforms' own APIs, which the service calls: one file a platform, each `blueprint(name, desk) -> Blueprint`.

A channel's API stands under /<channel name>.
"""
