/** Install-Windows.ps1: the current user's store, by cmdlets that Windows 8 and later have, else by certutil. */
export const windowsTemplate = String.raw`# Installs one client certificate for the current user, then reads the certificate store back.
# Started by Install-Windows.cmd, which knows these exit codes: 10 installed, 11 not installed. Windows PowerShell 5.1.
@VALUES@

$store = 'Cert:\CurrentUser\My'
$roots = 'Cert:\CurrentUser\Root'
$certutil = Join-Path -Path $env:SystemRoot -ChildPath 'System32\certutil.exe'

function Test-Installed {
    $found = Get-ChildItem -Path $store | Where-Object { $_.Thumbprint -eq $thumbprint -and $_.HasPrivateKey }
    return ($null -ne $found)
}

function Test-Trusted {
    $found = Get-ChildItem -Path $roots | Where-Object { $_.Thumbprint -eq $caThumbprint }
    return ($null -ne $found)
}

function Install-Identity {
    $p12 = Join-Path -Path $PSScriptRoot -ChildPath $p12Name
    if (-not (Test-Path -LiteralPath $p12)) {
        Write-Host "$($text.noFile) $p12Name"
        return
    }
    for ($attempt = 1; $attempt -le 3 -and -not (Test-Installed); $attempt++) {
        try {
            if (Get-Command -Name Import-PfxCertificate -ErrorAction SilentlyContinue) {
                # The file itself names the key provider (KSP); the key cannot be exported again.
                $password = Read-Host -AsSecureString -Prompt $text.password
                Import-PfxCertificate -FilePath $p12 -CertStoreLocation $store -Password $password -ErrorAction Stop | Out-Null
            } else {
                # certutil asks for the password by itself, so that it stands in no command line.
                & $certutil -user -f -csp 'Microsoft Software Key Storage Provider' -importPFX My $p12 'NoExport,NoRoot'
            }
        } catch {
            Write-Host "$($text.importFailed) $($_.Exception.Message)"
        }
    }
}

function Install-Authority {
    $answer = Read-Host -Prompt "$($text.trustQuestion) $caName [y/N]"
    if ($answer -notmatch '^\s*[yY]') {
        Write-Host $text.notTrusted
        return
    }
    $ca = Join-Path -Path $PSScriptRoot -ChildPath 'CA.cer'
    try {
        # Windows shows the CA and asks once more; "No" there is an answer like any other.
        if (Get-Command -Name Import-Certificate -ErrorAction SilentlyContinue) {
            Import-Certificate -FilePath $ca -CertStoreLocation $roots -ErrorAction Stop | Out-Null
        } else {
            & $certutil -user -addstore Root $ca
        }
    } catch {
        Write-Host $_.Exception.Message
    }
    if (Test-Trusted) { Write-Host $text.trusted } else { Write-Host $text.notTrusted }
}

Write-Host $text.title
Write-Host ''
if (Test-Installed) { Write-Host $text.already } else { Install-Identity }

# Only what the store itself shows counts.
if (-not (Test-Installed)) {
    Write-Host ''
    Write-Host $text.notInstalled
    exit 11
}
Write-Host "$($text.installed) $thumbprint"
Write-Host ''
if (-not (Test-Trusted)) { Install-Authority }
Write-Host ''
Write-Host $text.restart
exit 10
`;
