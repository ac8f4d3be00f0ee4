"""Grafting copies of a part of a net: DESIGN's "Duplicate, exactly", one concern a module."""
