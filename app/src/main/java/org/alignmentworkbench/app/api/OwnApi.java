package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.app.people.Members;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.person.SpokenLanguages;
import org.alignmentworkbench.db.task.RedTeam;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// What people say of their own labelling.
@Tag(name = "Labelling")
@RestController
class OwnApi {
  private final RedTeam redTeam;
  private final SpokenLanguages languages;
  private final Members members;
  private final Clock clock;

  OwnApi(JdbcClient jdbc, SpokenLanguages languages, Members members, Clock clock) {
    this.redTeam = new RedTeam(jdbc);
    this.languages = languages;
    this.members = members;
    this.clock = clock;
  }

  /// Kinds of harm that somebody keeps away from.
  record Harms(Set<Harm> away) {}

  /// The languages that somebody judges in, as BCP 47 tags; none for all.
  record Spoken(@Nullable List<String> languages) {}

  @Operation(summary = "Shows the kinds of harm that you keep away from")
  @GetMapping("/api/v1/label/harms")
  Harms harms(@AuthenticationPrincipal Account person) {
    return new Harms(redTeam.optedOut(person.personId()));
  }

  @Operation(summary = "Sets the kinds of harm to keep away from: their tasks are skipped")
  @PutMapping("/api/v1/label/harms")
  Harms keepAway(@RequestBody Harms body, @AuthenticationPrincipal Account person) {
    if (body.away() == null) {
      throw Problems.refused("away must be a list, was null");
    }
    Set<Harm> harms = EnumSet.noneOf(Harm.class);
    harms.addAll(body.away());
    redTeam.keepAway(person.personId(), harms, clock.instant());
    return new Harms(harms);
  }

  @Operation(summary = "Shows the languages that you judge in")
  @GetMapping("/api/v1/label/languages")
  Spoken languages(@AuthenticationPrincipal Account person) {
    return new Spoken(languages.of(person.personId()));
  }

  @Operation(summary = "Sets the languages that you judge in; none for all")
  @PutMapping("/api/v1/label/languages")
  Spoken speak(@RequestBody Spoken body, @AuthenticationPrincipal Account person) {
    List<String> tags = MembersApi.languages(body.languages());
    members.speak(person.personId(), tags);
    return new Spoken(tags);
  }
}
