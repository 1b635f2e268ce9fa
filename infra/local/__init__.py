"""The local AWS: everything QueueCraft needs of AWS, on one machine, without Docker, account or root."""
