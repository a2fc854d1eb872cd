"""The actions, called as an automation calls them."""
