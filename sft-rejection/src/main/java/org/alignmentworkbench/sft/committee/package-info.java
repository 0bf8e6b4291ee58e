/// The teacher committee of an iTeC round: its members, the candidates they sampled, the best
/// candidate of each prompt, and who sits on the next committee.
@NullMarked
package org.alignmentworkbench.sft.committee;

import org.jspecify.annotations.NullMarked;
