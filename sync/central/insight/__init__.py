"""How the services do: measures, one balanced view of them, a ranking, and open data."""
