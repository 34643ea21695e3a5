/** Install-Windows.cmd: starts the PowerShell script beside it and believes nothing but its own exit code. */
export const windowsStarterTemplate = String.raw`@echo off
rem Installs the certificate in this folder for the current user and says whether it is really there.
rem Needs no administrator rights and no network. ASCII only: cmd.exe reads this in the system's code page.
setlocal
title Install certificate
set "SCRIPT=%~dp0Install-Windows.ps1"
set "POWERSHELL=%SystemRoot%\System32\WindowsPowerShell\v1.0\powershell.exe"
if not exist "%SCRIPT%" goto not_unpacked
if not exist "%POWERSHELL%" goto no_powershell
"%POWERSHELL%" -NoLogo -NoProfile -ExecutionPolicy Bypass -File "%SCRIPT%"
rem 10 comes from the script alone, after it has read the certificate store back. Anything else, 0 included, is a failure:
rem a PowerShell that was kept from running the script may well end with 0.
if "%ERRORLEVEL%"=="10" goto installed
echo.
echo NOT INSTALLED. See "By hand" in guide.html, or ask the person who sent you this.
pause
exit /b 1

:installed
echo.
echo Installed. Close every browser window, then open the browser again.
pause
exit /b 0

:not_unpacked
echo NOT INSTALLED. Unpack the whole zip first ("Extract All..."), then start this again in the new folder.
pause
exit /b 1

:no_powershell
echo NOT INSTALLED. Windows PowerShell is not on this computer. See "By hand" in guide.html.
pause
exit /b 1
`;
