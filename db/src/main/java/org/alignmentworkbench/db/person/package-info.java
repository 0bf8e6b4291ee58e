/// People, their roles, and the one-time links that let them in.
@NullMarked
package org.alignmentworkbench.db.person;

import org.jspecify.annotations.NullMarked;
