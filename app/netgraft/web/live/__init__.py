"""Live documents: who works on one, what each has selected, and every change as it happens.

`endpoint` speaks the protocol of docs/rest.md over a WebSocket, a `Room` is a document that somebody looks
at, the `Hub` has all rooms of this process. Nothing here is the truth about a document: that stands in the
workspace's journal, and a client that comes back reads from there what it missed. So any process can serve
any client, and one that is killed loses nothing.
"""
