/// The middle of the samples, or the mean of the two in the middle; 0 of none.
func median(_ samples: [Double]) -> Double {
  let sorted = samples.sorted()
  let middle = sorted.count / 2
  guard sorted.count > 1 else { return sorted.first ?? 0 }
  return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}

/// (largest - smallest) / median; 0 where the median is.
func spread(_ samples: [Double]) -> Double {
  let middle = median(samples)
  guard middle != 0, let low = samples.min(), let high = samples.max() else { return 0 }
  return (high - low) / middle
}

/// The smallest and the largest ratio of two samples of one round; nil if there is none.
func ratioRange(_ samples: [Double], to others: [Double]) -> ClosedRange<Double>? {
  let ratios = zip(samples, others).filter { $1 != 0 }.map { $0 / $1 }
  guard let low = ratios.min(), let high = ratios.max() else { return nil }
  return low...high
}
