"""The command line of `train`: learn, check by voice, write the model, say how good it is."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from intents.keyfile import KeywordError
from intents.model import save
from intents.understanding import MODEL
from training import crossval, measures, samples
from training.fit import fit


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn from FOLDER/examples and write FOLDER/model.npz. Figures go to stderr, the last line of stdout is JSON.

    Returns 0, or 2 where the keyword files cannot be used.
    """
    asked = _parser().parse_args(arguments)
    folder: Path = asked.keywords
    try:
        corpus = samples.read(folder)
    except KeywordError as error:
        print(error, file=sys.stderr)
        return 2
    held = list(crossval.validate(corpus))
    temperatures = crossval.temperatures(corpus, held)
    model = fit(corpus.samples, corpus.version, temperatures)
    save(folder / MODEL, model)
    figures = measures.of(corpus, held, temperatures)
    for voice, row in figures.voices.items():
        print(f"{voice:24} {row}", file=sys.stderr)
    print(json.dumps({"version": model.version, "features": model.size, "temperatures": temperatures, **figures.whole}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="train", description=main.__doc__)
    parser.add_argument(
        "--keywords", type=Path, default=Path(__file__).parent.parent / "keywords", help="the folder of keyword files"
    )
    return parser
