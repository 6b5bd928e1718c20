"""convoylog: every car's tracks, notes and photos in plain files, told as one story."""

__version__ = "0.1.0"
