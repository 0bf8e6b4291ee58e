/// The small world the demo's messages talk about: its words, and draws from them.
///
/// The learner has little more than a million parameters and a vocabulary of 1024 pieces, so the
/// world is closed: a few dozen names, places and things that come back in every message.
@NullMarked
package org.alignmentworkbench.synthetic.world;

import org.jspecify.annotations.NullMarked;
