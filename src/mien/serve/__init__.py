"""The engine behind a server: a page, REST and streams, for programs and people on this machine."""
