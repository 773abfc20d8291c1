"""Floor 6: the read side: what somebody may see, in the words of the rules it was made under, as typed values.

Pages, and whatever else tells of casework, ask the same `Readings`; who asks is an actor with a unit, a sight and acts.

Where things are:
  readings   Readings: every question that can be asked; each opens a reader with the asking person's own scope
  faces      what is answered: frozen values, ready to be read
  labels     names of ids, answers in words
  wording    how things stand, and how long until they are due
  moments    days and moments as people write them
"""

from xunfang.desk.readings import Readings

__all__ = ["Readings"]
