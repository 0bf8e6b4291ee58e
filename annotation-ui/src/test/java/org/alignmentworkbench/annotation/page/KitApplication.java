package org.alignmentworkbench.annotation.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/// The kit alone, with one page that shows every part of it.
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ShellAdvice.class, SessionController.class, KitApplication.Gallery.class})
public class KitApplication {
  @Bean
  Formats formats() {
    return new Formats(ZoneOffset.UTC);
  }

  @Bean
  Room labelRoom() {
    return new Room("label", "/label", "room.label", 10, Set.of("ADMIN"));
  }

  @Bean
  Room galleryRoom() {
    return new Room("gallery", "/gallery", "gallery.title", 1, Set.of("ADMIN"));
  }

  @Bean
  UserDetailsService people() {
    return name -> new Person(1, name, "Ada Lovelace", "ADMIN", false);
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http) {
    return http.authorizeHttpRequests(
            requests -> requests.requestMatchers("/login").permitAll().anyRequest().authenticated())
        .httpBasic(basic -> {})
        .headers(headers ->
            headers.contentSecurityPolicy(
                csp -> csp.policyDirectives("default-src 'self'; img-src 'self' data:")))
        .build();
  }

  /// The page of all parts.
  @Controller
  public static class Gallery {
    private final Formats formats;

    Gallery(Formats formats) {
      this.formats = formats;
    }

    @GetMapping("/gallery")
    String gallery(Model model) {
      model.addAttribute(
          "crumbs", List.of(new Crumb("Projects", "/gallery"), new Crumb("مشروع", null)));
      model.addAttribute("notice", Notice.of(Notice.Kind.WARN, "gallery.notice"));
      model.addAttribute(
          "chips",
          List.of(
              new Chip("neutral", "queued"),
              new Chip("info", "running"),
              new Chip("good", "completed"),
              new Chip("warn", "waiting"),
              new Chip("bad", "failed")));
      model.addAttribute("moment", formats.moment(Instant.parse("2026-11-25T14:03:12Z")));
      model.addAttribute("known", new Progress(312, 900, "312 of 900"));
      model.addAttribute("unknown", new Progress(0, 0, "not known yet"));
      model.addAttribute("pager", new Pager("/gallery?newer", "/gallery?older", "1 – 50 of 1,204"));
      model.addAttribute("options", List.of(new Option("a", "Ada"), new Option("b", "Barbara")));
      model.addAttribute(
          "rows",
          List.of(
              Map.of("name", "sft", "n", "1,500", "rate", "45.7 %"),
              Map.of("name", "itec-1", "n", "1,500", "rate", "52.1 %"),
              Map.of("name", "mdloo", "n", "1,500", "rate", "55.0 %")));
      return "gallery/gallery";
    }

    @GetMapping("/broken")
    String broken() {
      throw new IllegalStateException("a fault of the test");
    }
  }
}
