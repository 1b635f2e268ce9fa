"""The command line ``queuecraft``. It needs the extra ``cli``; nothing else of the client imports it."""
