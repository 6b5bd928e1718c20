"""Imported by no `--help` of the program: importing it fails."""

raise RuntimeError("this module must not be imported")
