/// Chat templates: from messages to text, token ids and the mask of what is trained.
///
/// Models bring their template as Jinja text written for Python's engine. This is a small
/// interpreter of the subset that templates use, with Python's semantics; anything else is refused
/// by name. Every character of a rendered text knows whether it came from the template or from a
/// message, so what a person wrote can never become a control token.
@NullMarked
package org.alignmentworkbench.model.template;

import org.jspecify.annotations.NullMarked;
