package org.alignmentworkbench.app.admin;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Puts [SeenTrail] around every room.
@Configuration(proxyBeanMethods = false)
class SeenConfiguration implements WebMvcConfigurer {
  private final SeenTrail trail;

  SeenConfiguration(SeenTrail trail) {
    this.trail = trail;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(trail);
  }
}
