"""mien as a server of the Model Context Protocol: tools for assistants, over standard input and output.

The package ``mcp`` is imported by `mien.serve.mcp.server` only.
"""
