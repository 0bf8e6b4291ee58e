package org.alignmentworkbench.synthetic.task;

/// What a task may be used for: demonstrations, preference rounds, or measuring.
public enum Split {
  TRAIN,
  PREFERENCE,
  HELD_OUT
}
