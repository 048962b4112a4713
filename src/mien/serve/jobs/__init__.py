"""Jobs: analyses that wait, run in processes of their own and are kept for a while, whatever dies meanwhile.

store = JobStore(Path("data"))                   # SQLite and a folder
with Supervisor(store, workers=2):               # processes that work
    job = store.add("clip.mp4", store.incoming / "upload", JobOptions())
    ...
    store.get(job.id).state                      # waiting, running, done, failed
"""

from mien.serve.jobs.job import STATES, Job, JobOptions, State, UnknownJobError
from mien.serve.jobs.store import JobStore
from mien.serve.jobs.supervisor import Supervisor

__all__ = ["STATES", "Job", "JobOptions", "JobStore", "State", "Supervisor", "UnknownJobError"]
