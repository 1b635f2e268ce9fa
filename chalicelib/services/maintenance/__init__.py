"""Routines that put right what crashes, time and lost data leave; one file for each. ``sweeper.py`` runs them."""
