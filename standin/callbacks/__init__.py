"""The callbacks: one file a platform, each `compose(name, channel, utterance, forged) -> Envelope | None`.

None: the platform tells nobody of such a thing. forged: signed with a secret that the service does not know.
"""
