// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";

/* Light or dark: as the device has it, until somebody chooses. */
export function useScheme() {
    const { setColorScheme } = useMantineColorScheme();
    const isDark = useComputedColorScheme("light") === "dark";

    return { isDark, turn: () => setColorScheme(isDark ? "light" : "dark") };
}
