"""A recording from stdin as MP3 on stdout. Run by bot.attachments.fit as a process; imports nothing of ours.

WeChat hands out AMR, which no browser plays. Whatever FFmpeg's decoders do not know ends with an error and no output.
"""

import resource
import sys
from io import BytesIO

import av
from av.audio.resampler import AudioResampler

RATE, BITS = 16000, 32000  # speech; a minute is 240 KB
LONGEST = 600  # seconds that are kept: a platform's own bound is one minute
MOST_MEMORY = 2**31
MOST_SECONDS = 30  # of the processor


def playable(data: bytes) -> bytes:
    """The first LONGEST seconds as MP3, mono."""
    out = BytesIO()
    with av.open(BytesIO(data), "r") as source, av.open(out, "w", format="mp3") as target:
        heard = source.streams.audio[0]
        written = target.add_stream("libmp3lame", rate=RATE, options={"b": str(BITS)})
        written.layout = "mono"
        to_mono = AudioResampler(format="s16p", layout="mono", rate=RATE)
        left = LONGEST * RATE
        for frame in source.decode(heard):
            for part in to_mono.resample(frame):
                left -= part.samples
                target.mux(written.encode(part))
            if left <= 0:
                break
        for part in to_mono.resample(None):
            target.mux(written.encode(part))
        target.mux(written.encode(None))
    return out.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(playable(sys.stdin.buffer.read()))
