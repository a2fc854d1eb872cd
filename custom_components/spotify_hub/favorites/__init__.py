"""Liked Songs and what else is saved: dated copies at home, compared and put back."""
