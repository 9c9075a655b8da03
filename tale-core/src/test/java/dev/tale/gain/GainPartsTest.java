package dev.tale.gain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tale.testing.GainDraws;
import dev.tale.testing.KnownGain;
import dev.tale.testing.KnownGain.Truth;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Parts of gains whose truth is known, over many draws; {@code gain} does it with 1,000. */
@Tag("slow")
class GainPartsTest {
  private static final int DRAWS = 80;
  private static final int ROWS = 200;

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of("all format", new KnownGain(4, true, 0.5, 0, 1.2, 1.2, 1)),
        Arguments.of("all bias", new KnownGain(2, false, 1, 2, 1.2, 1.2, 2)),
        Arguments.of("all knowledge", new KnownGain(4, false, 1, 0, 0.6, 1.6, 3)),
        Arguments.of("mixture", new KnownGain(4, true, 0.7, 1.5, 0.8, 1.4, 4)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void meansAreNearTheTruth(String name, KnownGain model) {
    Truth truth = model.draw(1_000_000).truth(200_000);
    GainDraws found = GainDraws.of(model, ROWS, DRAWS);
    assertThat(found.format()).as(name).isCloseTo(truth.format(), within(found.limit()));
    assertThat(found.bias()).as(name).isCloseTo(truth.bias(), within(found.limit()));
    assertThat(found.rest()).as(name).isCloseTo(truth.rest(), within(found.limit()));
    assertThat(found.covered(truth.rest())).as(name).isBetween(0.86, 1.0);
  }
}
