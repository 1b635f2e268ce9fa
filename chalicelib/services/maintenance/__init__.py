"""Routines that repair the queue after crashes and lost data, and promote due jobs. ``sweeper.py`` runs them."""
