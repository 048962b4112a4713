"""One function over many items: in this process, in a pool of processes, or on Ray.

A function is given as its maker, so that each worker makes it once and keeps what is dear to build. Outcomes come in
the order in which they are ready, each with the place of its item.
"""

from mien.scale.cluster import RayMapper
from mien.scale.process import ProcessMapper
from mien.scale.serial import SerialMapper
from mien.scale.work import Made, Maker, Mapper, Outcome, processors

__all__ = ["Made", "Maker", "Mapper", "Outcome", "ProcessMapper", "RayMapper", "SerialMapper", "processors"]
