"""Exit with 0 if a URL answers by 200: `python health.py URL`. For health checks of containers."""

import sys
import urllib.error
import urllib.request

TIMEOUT_S = 4.0


def main(url: str) -> int:
    """Return 0 for a healthy answer, otherwise 1; print why."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 - named by the image
            return int(answer.status != 200)
    except (OSError, urllib.error.URLError) as error:
        sys.stderr.write(f"{url}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
