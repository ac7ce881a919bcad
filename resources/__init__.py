"""Files that travel with the program: fonts, icons, the style sheet, translations, demo data."""

from importlib.resources import files
from pathlib import Path


def path(name: str) -> Path:
    """The place of one bundled file on disk, for example `path("fonts/InterTabular-Bold.ttf")`.

    The package is always unpacked (a wheel installs folders, the frozen build carries them beside it), because fonts
    must be real files for both Qt and the PDF writer.
    """
    return Path(str(files(__name__).joinpath(name)))
