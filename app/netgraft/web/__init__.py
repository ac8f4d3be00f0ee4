"""The server: REST over the workspace, the editor's pages, and who may call them."""
