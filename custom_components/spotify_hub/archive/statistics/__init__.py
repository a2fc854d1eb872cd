"""What the archive can tell, one function a question.

Each takes a connection first (`Archive.ask(question, …)`), then the `Scope` that is
asked about. Days, weeks and hours are those of the zone that is handed in.
"""
