/// From rewards to advantages: the divergence to the reference policy folded into the reward, and
/// the leave-one-out baseline over the responses of one prompt.
@NullMarked
package org.alignmentworkbench.rlhf.advantage;

import org.jspecify.annotations.NullMarked;
