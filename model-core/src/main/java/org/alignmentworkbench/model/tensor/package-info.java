/// Dense arrays on the Java heap: what weight files hold before an engine takes them and after it
/// gives them back. Arithmetic on a device lives with the model, not here.
@NullMarked
package org.alignmentworkbench.model.tensor;

import org.jspecify.annotations.NullMarked;
