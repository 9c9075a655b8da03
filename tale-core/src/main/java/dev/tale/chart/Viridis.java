package dev.tale.chart;

import java.util.Locale;

/** The colour map viridis: even steps look even, in colour and in grey, to all colour visions. */
final class Viridis {
  /*
   * Ten even samples of the map of S. van der Walt and N. Smith (matplotlib, CC0), linear in between.
   */
  private static final int[] SAMPLES = {
    0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b,
    0xfde725
  };

  private Viridis() {}

  /** Returns the colour of a share in [0, 1] as {@code #rrggbb}. */
  static String color(double share) {
    int[] rgb = rgb(share);
    return String.format(Locale.ROOT, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
  }

  /** Returns whether white is read better on the colour than black. */
  static boolean isDark(double share) {
    int[] rgb = rgb(share);
    double luminance = 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
    // Where the contrast of either is the same, (L + 0.05) / 0.05 = 1.05 / (L + 0.05).
    return luminance < 0.179;
  }

  private static double linear(int channel) {
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }

  private static int[] rgb(double share) {
    double place = Math.max(0, Math.min(1, share)) * (SAMPLES.length - 1);
    int sample = Math.min((int) place, SAMPLES.length - 2);
    int[] rgb = new int[3];
    for (int channel = 0; channel < 3; channel++) {
      int shift = 16 - 8 * channel;
      int from = SAMPLES[sample] >> shift & 0xff;
      int to = SAMPLES[sample + 1] >> shift & 0xff;
      rgb[channel] = (int) Math.round(from + (place - sample) * (to - from));
    }
    return rgb;
  }
}
