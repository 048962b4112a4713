"""The routes of the API, by what they are about."""

from mien.serve.routes import conversations, jobs, meta, models, results

__all__ = ["ROUTERS"]

ROUTERS = (jobs.router, results.router, conversations.router, models.router, meta.router)
