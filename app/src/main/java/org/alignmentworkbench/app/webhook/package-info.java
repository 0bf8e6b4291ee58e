/// Tells other programs of a project's events: signed, tried again, and never sent where it must
/// not go.
@NullMarked
package org.alignmentworkbench.app.webhook;

import org.jspecify.annotations.NullMarked;
