/// Kinds of tasks: what is asked, what was answered, and the rules that hold between the two. Both
/// are kept as JSON; what does not keep to a rule is refused with the value, the rule and the
/// place.
@NullMarked
package org.alignmentworkbench.db.kind;

import org.jspecify.annotations.NullMarked;
