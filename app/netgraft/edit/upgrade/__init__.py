"""Old formats rewritten as text in the format of Caffe 1.0."""

from netgraft.edit.document import Document


def modernise(document: Document) -> tuple[Document, list[str]]:
    """The document in today's format, and what had to be rewritten."""
    return document, []


def modernise_layers(document: Document) -> tuple[Document, list[str]]:
    """The document in today's format, and what had to be rewritten."""
    return document, []
