package org.alignmentworkbench.annotation.keys;

import org.alignmentworkbench.annotation.AnnotationUi;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/// Puts a person's keys in the model of every page of the desk, whatever its kind of task.
@ControllerAdvice(basePackageClasses = AnnotationUi.class)
public final class OwnKeysAdvice {
  private final PersonSettingRepository settings;

  OwnKeysAdvice(PersonSettingRepository settings) {
    this.settings = settings;
  }

  /// Null where nobody is signed in.
  @ModelAttribute("ownKeys")
  public @Nullable OwnKeys ownKeys(@AuthenticationPrincipal @Nullable SignedInPerson person) {
    return person == null ? null : new OwnKeys(settings, person.personId());
  }
}
