"""The stand-in platforms: one process that behaves to the service as WeChat, a OneBot bridge and a webhook's owner do.

The sample speaks to it in place of the real platforms, and so do the tests. It knows the platforms' public rules and
nothing of the service: what it believes about a callback or an answer is written here a second time, on purpose.
"""
