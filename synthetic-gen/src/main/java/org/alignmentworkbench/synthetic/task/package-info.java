/// Message-assistant tasks, generated from a seed.
///
/// A task is an instruction, a message (a notification, a thread or a note) and one to three
/// constraints. The message comes from a *scene*: a family ("a parcel comes") and a value for each
/// of its slots. Three things keep learning and measuring apart:
///
/// - **Splits.** A hash of family and slot values, the same for every seed, puts each scene into
///   one [Split]; a scene never occurs in two of them, in whatever wording ([Partition]).
/// - **Held-out wordings.** A quarter of the held-out tasks use instructions, constraints and a
///   layout that no other split and no pre-training document uses.
/// - **Independence.** A task is a function of (seed, split, kind, number) alone, so making more
///   tasks never changes one.
@NullMarked
package org.alignmentworkbench.synthetic.task;

import org.jspecify.annotations.NullMarked;
