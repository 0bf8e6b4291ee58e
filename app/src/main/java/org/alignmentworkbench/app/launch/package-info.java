/// A new run from its settings: the form, the text people write settings in, and the order itself.
@NullMarked
package org.alignmentworkbench.app.launch;

import org.jspecify.annotations.NullMarked;
