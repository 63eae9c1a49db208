// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/forecast.h"

const char *const forecast_sign_names[FORECAST_SIGNS] = {"all", "importers-drained",
							 "only-staging"};
