"""What recordings go through before anyone hears them: noise, rooms, telephones and clipping. Pure, seeded functions.

Sound is mono float32 at 16 kHz. The length always stays, and so does the time at which things are heard.
"""

from mien.dsp.degrade.channel import clipped, telephone
from mien.dsp.degrade.level import active_level, fitted, gained
from mien.dsp.degrade.noise import babble, coloured_noise, noisy
from mien.dsp.degrade.reverberation import reverberated, reverberation_time
from mien.dsp.degrade.rooms import room_response

__all__ = [
    "active_level",
    "babble",
    "clipped",
    "coloured_noise",
    "fitted",
    "gained",
    "noisy",
    "reverberated",
    "reverberation_time",
    "room_response",
    "telephone",
]
