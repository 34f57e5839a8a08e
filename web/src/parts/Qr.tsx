// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Box } from "@mantine/core";
import { useMemo } from "react";
import { encode } from "uqr";

const QUIET = 4; // modules around it (ISO/IEC 18004, 5.3.8)

/* A QR code, dark on light in every colour scheme, for cameras; what it says stands beside it as text, too. */
export function Qr({ of, label, size = 220 }: { of: string; label: string; size?: number }) {
    const { path, side } = useMemo(() => {
        const code = encode(of, { ecc: "M", border: QUIET });
        const squares = code.data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
        return { path: squares.join(""), side: code.size };
    }, [of]);

    return (
        <Box w={size} maw="100%">
            <svg viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} width="100%" shapeRendering="crispEdges">
                <rect width={side} height={side} fill="#fff" />
                <path d={path} fill="#000" />
            </svg>
        </Box>
    );
}
