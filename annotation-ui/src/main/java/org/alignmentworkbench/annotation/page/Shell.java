package org.alignmentworkbench.annotation.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the layout shows around every page.
///
/// @param person who is signed in, or null on the pages before sign-in
/// @param rooms the links this person may follow
/// @param csrfParameter name of the form field
/// @param csrfHeader name of the request header
/// @param csrfToken the token itself, empty where there is no protection to satisfy
/// @param back the address of this page, for a form that returns to it
/// @param htmxHeaders the header as htmx wants it, a JSON object
public record Shell(
    @Nullable SignedInPerson person,
    List<Room> rooms,
    String csrfParameter,
    String csrfHeader,
    String csrfToken,
    String back,
    String htmxHeaders) {}
